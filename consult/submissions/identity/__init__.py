"""Opening a sealed identity: asked by one, decided by another, told to the author."""
