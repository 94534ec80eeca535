package dev.unroll.testing.structure.house.attic;

import dev.unroll.testing.structure.house.cellar.Cellar;
import java.util.List;

/** Mentions the cellar as a type argument only. */
public abstract class Attic {
  abstract List<Cellar> cellars();
}
