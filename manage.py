#!/usr/bin/env python3
"""Runs the product's commands from a checkout; `posture` does the same once installed."""

from posture.console import main

if __name__ == "__main__":
    main()
