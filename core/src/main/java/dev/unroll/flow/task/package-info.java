/**
 * Tasks whose answer lies many steps back: the ones on which recurrent networks are shown to learn,
 * or not to learn, over long lags.
 *
 * <p>A generator is a pure function of its seed: it draws from {@link java.util.Random}, whose
 * algorithms the platform's specification fixes, so the same seed gives the same sequences on every
 * JVM. Time comes first in all arrays: element {@code t * N + n} belongs to step t of sequence n.
 *
 * <p>Source of all constants: R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training
 * recurrent neural networks", ICML 2013, arXiv 1211.5063, and the authors' trainingRNNs, which
 * decides where the two differ. The tasks are S. Hochreiter's and J. Schmidhuber's, "Long
 * short-term memory", 1997, and J. Martens' and I. Sutskever's, ICML 2011.
 */
@NullMarked
package dev.unroll.flow.task;

import org.jspecify.annotations.NullMarked;
