"""Checks a WMS against the connector API, for the vendor who implements it."""
