"""Somebody leaves: what they leave behind is given on, ended or kept."""
