"""Finalising: outcomes from marks, and corrections afterwards."""
