"""What only a business manager decides about somebody entrusted with much: asked for by others, and decided."""
