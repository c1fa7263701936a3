"""Charges: lines against agencies for places that nobody used."""
