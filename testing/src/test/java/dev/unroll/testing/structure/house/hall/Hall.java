package dev.unroll.testing.structure.house.hall;

import dev.unroll.testing.structure.house.cellar.Cellar;

/** Uses the cellar, in a way that leaves the name in a descriptor only. */
public abstract class Hall {
  abstract void visit(Cellar[] cellar);
}
