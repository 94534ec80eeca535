package dev.unroll.testing.structure.house.cellar;

/** Uses nothing. */
public class Cellar {}
