"""Understanding: normalise, extract entities by rules, classify, and decide whether to trust the classifier."""
