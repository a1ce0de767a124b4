"""Talk tracks: the published words, the only ones that may be said."""
