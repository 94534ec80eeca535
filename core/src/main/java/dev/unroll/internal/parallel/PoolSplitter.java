package dev.unroll.internal.parallel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * Splits over threads of its own, which wait for the next call: for a short while spinning, then
 * parked. Handing out a call takes no lock that a worker needs and allocates nothing.
 */
public final class PoolSplitter implements Splitter {

  /** About 50 microseconds: the gap between two products of one pass. */
  private static final int SPINS = 20_000;

  private static final AtomicInteger POOLS = new AtomicInteger();

  private final SharedCall call = new SharedCall();
  private final ReentrantLock busy = new ReentrantLock();
  private final Thread[] workers;
  private volatile int epoch;
  private volatile boolean closed;

  /** Starts {@code threads - 1} daemon threads. */
  public PoolSplitter(int threads) {
    int pool = POOLS.incrementAndGet();
    workers = new Thread[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] =
          Thread.ofPlatform().daemon().name("unroll-" + pool + "-" + (i + 1)).start(this::work);
    }
  }

  private void work() {
    int seen = 0;
    while (true) {
      for (int i = 0; i < SPINS && epoch == seen; i++) {
        Thread.onSpinWait();
      }
      while (epoch == seen) {
        LockSupport.park(this);
      }
      seen = epoch;
      if (closed) {
        return;
      }
      call.help();
    }
  }

  @Override
  public int threads() {
    return workers.length + 1;
  }

  @Override
  public void run(int parts, IntConsumer task) {
    // A second caller does not wait for the first: it does its own work, with the same bits.
    boolean mine = !busy.isHeldByCurrentThread() && busy.tryLock();
    if (closed) {
      if (mine) {
        busy.unlock();
      }
      throw new IllegalStateException("the pool is closed");
    }
    if (!mine) {
      Splitter.none().run(parts, task);
      return;
    }
    try {
      call.open(parts, task);
      wake();
      call.help();
      call.finish();
    } finally {
      busy.unlock();
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
  private void wake() {
    epoch++;
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
  }

  /** Waits for the call that is running, then ends the threads. */
  @Override
  public void close() {
    busy.lock();
    try {
      if (!closed) {
        closed = true;
        wake();
      }
    } finally {
      busy.unlock();
    }
  }
}
