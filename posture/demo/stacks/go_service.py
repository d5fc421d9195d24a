"""A Go service."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from posture.demo.stacks.stack import Fix, Stack, Step, digest

MAIN = """package main

import (
	"log/slog"
	"net/http"
	"os"

	"git.halden.example/app-name/internal/config"
)

func main() {
	settings, err := config.FromEnvironment()
	if err != nil {
		slog.Error("cannot start", "error", err)
		os.Exit(1)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	slog.Info("app-name listens", "address", settings.Address)
	if err := http.ListenAndServe(settings.Address, mux); err != nil {
		os.Exit(1)
	}
}
"""

CONFIG = """package config

import (
	"errors"
	"os"
)

// Settings of the process. Secrets come from the environment, which the platform fills from the vault.
type Settings struct {
	Address  string
	Database string
	Token    string
}

// FromEnvironment reads the settings and says what is missing.
func FromEnvironment() (Settings, error) {
	settings := Settings{
		Address:  os.Getenv("LISTEN_ADDRESS"),
		Database: os.Getenv("DATABASE_URL"),
		Token:    os.Getenv("API_TOKEN"),
	}
	if settings.Database == "" {
		return settings, errors.New("DATABASE_URL is not set")
	}
	return settings, nil
}
"""

MODEL = """package thing

import "time"

// State of a thing.
type State string

const (
	Open   State = "open"
	Closed State = "closed"
)

// Thing is what app-name keeps for a customer.
type Thing struct {
	ID      string    `json:"id"`
	Owner   string    `json:"owner"`
	State   State     `json:"state"`
	Created time.Time `json:"created"`
}

// Expired says whether nobody touched the thing within limit.
func (t Thing) Expired(now time.Time, limit time.Duration) bool {
	return t.State == Open && now.Sub(t.Created) > limit
}
"""

STORE = """package thing

import (
	"context"
	"database/sql"
	"errors"
)

// ErrNotFound is returned for an id that nobody knows.
var ErrNotFound = errors.New("no such thing")

// Store keeps things in the database.
type Store struct {
	db *sql.DB
}

// Find returns one thing.
func (s *Store) Find(ctx context.Context, id string) (Thing, error) {
	var t Thing
	row := s.db.QueryRowContext(ctx, `SELECT id, owner, state, created FROM things WHERE id = $1`, id)
	err := row.Scan(&t.ID, &t.Owner, &t.State, &t.Created)
	if errors.Is(err, sql.ErrNoRows) {
		return t, ErrNotFound
	}
	return t, err
}
"""

CLOSE = """
// Close closes an open thing and says whether it did.
func (s *Store) Close(ctx context.Context, id string) (bool, error) {
	result, err := s.db.ExecContext(ctx, `UPDATE things SET state = 'closed' WHERE id = $1 AND state = 'open'`, id)
	if err != nil {
		return false, err
	}
	changed, err := result.RowsAffected()
	return changed == 1, err
}
"""

TESTS = """package thing

import (
	"testing"
	"time"
)

func TestAnOldOpenThingExpires(t *testing.T) {
	now := time.Now()
	old := Thing{State: Open, Created: now.Add(-48 * time.Hour)}
	if !old.Expired(now, 24*time.Hour) {
		t.Fatal("expected it to expire")
	}
}
"""


def _manifest(name: str, version: str, dependencies: Mapping[str, str]) -> dict[str, str]:
    wanted = "".join(f"\t{package} v{number}\n" for package, number in dependencies.items())
    lock = "".join(
        f"{package} v{number}{kind} h1:{base64.b64encode(digest(package, number, kind)).decode()}\n"
        for package, number in sorted(dependencies.items())
        for kind in ("", "/go.mod")
    )
    return {
        "go.mod": f"module git.halden.example/{name}\n\ngo 1.22\n\nrequire (\n{wanted})\n",
        "go.sum": lock,
        "VERSION": f"{version}\n",
    }


STACK = Stack(
    start={
        "cmd/app-name/main.go": MAIN,
        "internal/config/config.go": CONFIG,
        ".gitignore": "/bin/\n*.test\ncoverage.out\n",
        "Makefile": "build:\n\tgo build -o bin/ ./cmd/...\n\ntest:\n\tgo test -race ./...\n\n.PHONY: build test\n",
    },
    feature=(
        Step("Add things", {"internal/thing/thing.go": MODEL}),
        Step("Keep things in the database", {"internal/thing/store.go": STORE}),
        Step("Close things once", {}, {"internal/thing/store.go": CLOSE}),
        Step("Test that things expire", {"internal/thing/thing_test.go": TESTS}),
    ),
    fixes=(
        Fix(
            "Never expire a thing that was created in the future",
            "internal/thing/thing.go",
            "return t.State == Open && now.Sub",
            "return t.State == Open && now.After(t.Created) && now.Sub",
        ),
        Fix(
            "Let a thing be put on hold",
            "internal/thing/thing.go",
            '\tClosed State = "closed"\n',
            '\tClosed State = "closed"\n\tHeld   State = "held"\n',
        ),
        Fix(
            "Say which thing was not found",
            "internal/thing/store.go",
            "\t\treturn t, ErrNotFound",
            '\t\treturn t, fmt.Errorf("%s: %w", id, ErrNotFound)',
        ),
    ),
    dependencies={
        "github.com/jackc/pgx/v5": "5.5.1",
        "github.com/prometheus/client_golang": "1.17.0",
        "go.opentelemetry.io/otel": "1.21.0",
        "golang.org/x/sync": "0.5.0",
    },
    manifest=_manifest,
    test_command="go vet ./... && go test -race ./...",
    image="golang:1.22-alpine",
)
