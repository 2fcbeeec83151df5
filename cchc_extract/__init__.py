"""Reads Vietnamese administrative-reform plans and writes their tasks and targets as data."""

__version__ = "0.1.0"
