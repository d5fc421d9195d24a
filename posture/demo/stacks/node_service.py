"""A TypeScript service or web application."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from posture.demo.stacks.stack import Fix, Stack, Step, digest

SERVER = """import express from 'express';
import { config } from './config';

export const app = express();
app.use(express.json({ limit: '64kb' }));

app.get('/healthz', (_request, response) => {
  response.json({ status: 'ok', version: config.version });
});

if (require.main === module) {
  app.listen(config.port, () => console.log(`app-name listens on ${config.port}`));
}
"""

CONFIG = """function required(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set; see .env.example`);
  }
  return value;
}

export const config = {
  port: Number(process.env.PORT ?? 8080),
  version: process.env.VERSION ?? 'dev',
  sessionSecret: () => required('SESSION_SECRET'),
  apiToken: () => required('API_TOKEN'),
};
"""

MODEL = """export type ThingState = 'open' | 'paid' | 'cancelled';

export interface Thing {
  id: string;
  customerId: string;
  state: ThingState;
  totalCents: number;
  createdAt: Date;
}

export function isOpen(thing: Thing): boolean {
  return thing.state === 'open';
}
"""

TOTAL = """
export function totalOf(things: Thing[]): number {
  return things.filter(isOpen).reduce((sum, thing) => sum + thing.totalCents, 0);
}
"""

ROUTES = """import { Router } from 'express';
import { Thing } from './thing';

const store = new Map<string, Thing>();
export const things = Router();

things.get('/:id', (request, response) => {
  const thing = store.get(request.params.id);
  if (!thing) {
    return response.status(404).json({ error: 'no such thing' });
  }
  return response.json(thing);
});

things.delete('/:id', (request, response) => {
  store.delete(request.params.id);
  response.status(204).end();
});
"""

TESTS = """import { isOpen, totalOf, Thing } from '../src/things/thing';

const thing = (changes: Partial<Thing> = {}): Thing => ({
  id: 'a1', customerId: 'c1', state: 'open', totalCents: 1250, createdAt: new Date(0), ...changes,
});

describe('thing', () => {
  it('is open until it is paid', () => {
    expect(isOpen(thing())).toBe(true);
    expect(isOpen(thing({ state: 'paid' }))).toBe(false);
  });

  it('adds up what is open', () => {
    expect(totalOf([thing(), thing({ state: 'cancelled' })])).toBe(1250);
  });
});
"""

VIEW = """import { useEffect, useState } from 'react';
import { Thing } from './thing';

export function ThingList({ customerId }: { customerId: string }) {
  const [things, setThings] = useState<Thing[]>([]);

  useEffect(() => {
    fetch(`/api/things?customer=${customerId}`)
      .then((response) => response.json())
      .then(setThings);
  }, [customerId]);

  return <ul>{things.map((thing) => <li key={thing.id}>{thing.state}</li>)}</ul>;
}
"""


def _manifest(name: str, version: str, dependencies: Mapping[str, str]) -> dict[str, str]:
    package = {
        "name": f"@halden/{name}",
        "version": version,
        "private": True,
        "scripts": {"build": "tsc -p .", "start": "node dist/server.js", "test": "jest --ci"},
        "dependencies": {package: f"^{number}" for package, number in dependencies.items()},
    }
    lock = {
        "name": f"@halden/{name}",
        "version": version,
        "lockfileVersion": 3,
        "packages": {
            f"node_modules/{package}": {
                "version": number,
                "resolved": f"https://packages.halden.example/{package}/-/{package}-{number}.tgz",
                "integrity": "sha512-" + base64.b64encode(digest(package, number, algorithm="sha512")).decode(),
            }
            for package, number in sorted(dependencies.items())
        },
    }
    return {
        "package.json": json.dumps(package, indent=2) + "\n",
        "package-lock.json": json.dumps(lock, indent=2) + "\n",
    }


STACK = Stack(
    start={
        "src/server.ts": SERVER,
        "src/config.ts": CONFIG,
        "tsconfig.json": '{\n  "compilerOptions": { "strict": true, "outDir": "dist", "target": "es2022" }\n}\n',
        ".gitignore": "node_modules/\ndist/\ncoverage/\n.env\n",
        ".editorconfig": "root = true\n\n[*]\nindent_style = space\nindent_size = 2\n",
    },
    feature=(
        Step("Add the thing type", {"src/things/thing.ts": MODEL}),
        Step("Add up open things", {}, {"src/things/thing.ts": TOTAL}),
        Step("Serve things", {"src/things/routes.ts": ROUTES}),
        Step("Test open things", {"tests/thing.test.ts": TESTS}),
        Step("Show things to the customer", {"src/things/ThingList.tsx": VIEW}),
    ),
    fixes=(
        Fix(
            "Do not render things that failed to load",
            "src/things/ThingList.tsx",
            "      .then((response) => response.json())\n",
            "      .then((response) => (response.ok ? response.json() : []))\n",
        ),
        Fix(
            "Allow a thing to be refunded",
            "src/things/thing.ts",
            "'open' | 'paid' | 'cancelled'",
            "'open' | 'paid' | 'cancelled' | 'refunded'",
        ),
        Fix(
            "Answer 404 when a thing is deleted twice",
            "src/things/routes.ts",
            "  store.delete(request.params.id);\n  response.status(204).end();",
            "  response.status(store.delete(request.params.id) ? 204 : 404).end();",
        ),
    ),
    dependencies={"express": "4.18.2", "react": "18.2.0", "pino": "8.17.1", "zod": "3.22.4", "undici": "6.2.1"},
    manifest=_manifest,
    test_command="npm ci && npm test",
    image="node:20-alpine",
)
