"""Servers on loopback that stand in for the vendors: for tests, and for the demonstration without an account."""
