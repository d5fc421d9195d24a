"""A small organisation in which a lost value lets somebody in, for the tests of what it opens."""

from dataclasses import dataclass, field

from inventory.models import Asset, Source
from inventory.services.readers import count_readers
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    ExposureFactory,
    GrantFactory,
    HoldingFactory,
    PrincipalFactory,
    SecretFactory,
    SourceFactory,
)


@dataclass
class Store:
    """One vault with whoever may read it."""

    asset: Asset = field(default_factory=lambda: AssetFactory(kind="vault"))

    def principal(self, name, *patterns, team=None, **facts):
        """Somebody who may read what these patterns fit."""
        row = PrincipalFactory(asset=self.asset, external_id=name, team=team, **facts)
        for pattern in patterns:
            self.allow(row, pattern)
        return row

    def allow(self, principal, pattern, **facts):
        """Give somebody one more rule."""
        return GrantFactory(principal=principal, pattern=pattern, **facts)

    def secret(self, path, environment="", team=None, holds=None, **facts):
        """A stored secret, and what its current version holds."""
        row = SecretFactory(asset=self.asset, path=path, environment=environment, team=team, **facts)
        if holds is not None:
            HoldingFactory(version__secret=row, credential=holds)
        return row

    def lets_in(self, principal, value=None, team=None, **facts):
        """A value of which this store keeps that it lets somebody in; told by no rule that could be read."""
        value = value or CredentialFactory()
        path = f"record-of-{principal.external_id}-{value.pk}"
        self.secret(path, team=team, holds=value, address="", logs_in_as=principal.external_id, **facts)
        return value


def exposed(value, team=None, **facts):
    """Put a value into a repository."""
    return ExposureFactory(credential=value, asset=AssetFactory(team=team, source=SourceFactory()), **facts)


def counted():
    """Count what everybody can do, as the pipeline does."""
    Source.objects.all().owe_readers()
    count_readers()
