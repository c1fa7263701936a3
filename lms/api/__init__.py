"""The JSON API: one list of operations makes routes, checks what comes in, and writes the OpenAPI document."""
