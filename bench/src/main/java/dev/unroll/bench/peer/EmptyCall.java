package dev.unroll.bench.peer;

/**
 * A call into a library that computes nothing: what going there and back costs.
 *
 * @param library whose
 * @param what which function, through which interface
 * @param call makes the call once
 */
public record EmptyCall(String library, String what, Runnable call) {}
