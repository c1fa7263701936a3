"""Self check-in: delegates say themselves that they are here, by a code on the trainer's screen."""
