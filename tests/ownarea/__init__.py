"""只看自己的 own area only."""
