"""The only writer of assets, secrets, credentials, exposures, principals and grants.

Applies a collector's records in batches. Each batch is one transaction that first renews the read's lease under
its fencing token. Only a complete read marks what it did not see as gone. Running again is safe: every write is
an upsert by natural key.
"""

from inventory.sync.assets import sync_assets
from inventory.sync.exposures import path_digest
from inventory.sync.lease import LeaseLost
from inventory.sync.read import ReadSync
from inventory.sync.remembered import known_blobs, known_versions
from inventory.sync.skips import Skips
from inventory.sync.storable import storable

__all__ = ["LeaseLost", "ReadSync", "Skips", "known_blobs", "known_versions", "path_digest", "storable", "sync_assets"]
