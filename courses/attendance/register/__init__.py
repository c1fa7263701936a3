"""The register: who was there, marked per event day by the trainers."""
