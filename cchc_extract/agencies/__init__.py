"""Agencies outside of plans: the cells of a spreadsheet normalised, and the names in results that nobody knows yet."""
