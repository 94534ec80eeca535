package dev.unroll.io;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The data behind a header, read in chunks. Offsets count from the end of the header. */
sealed interface TensorSource {

  /** Takes consecutive chunks; each holds whole elements, in little-endian order. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes one chunk.
     *
     * @param chunk the bytes between position 0 and the limit
     * @param firstByte the offset of the chunk within the tensor
     */
    void accept(ByteBuffer chunk, long firstByte) throws IOException;
  }

  /** Feeds the bytes from begin to end, which the header has been checked to allow. */
  void read(TensorInfo tensor, Sink sink) throws IOException;

  /** Ends the reading. */
  void close() throws IOException;

  /** Data in memory: one chunk, no copy. */
  final class InMemory implements TensorSource {
    private final byte[] bytes;
    private final int dataStart;

    InMemory(byte[] bytes, int dataStart) {
      this.bytes = bytes;
      this.dataStart = dataStart;
    }

    @Override
    public void read(TensorInfo tensor, Sink sink) throws IOException {
      int begin = (int) (dataStart + tensor.begin());
      int length = (int) (tensor.end() - tensor.begin());
      sink.accept(ByteBuffer.wrap(bytes, begin, length).slice().order(ByteOrder.LITTLE_ENDIAN), 0);
    }

    @Override
    public void close() {}
  }

  /**
   * Data in an open file, which threads share chunk by chunk. Not a channel: an interrupt of one
   * reader would close it for all. Not mapped: a file that shrinks under a mapping kills the reader
   * with an error that no caller can be asked to catch.
   */
  final class InFile implements TensorSource {
    /** A multiple of every element size; larger chunks were not faster from the page cache. */
    private static final int CHUNK_BYTES = 64 * 1024;

    private final String name;
    private final RandomAccessFile file;
    private final long dataStart;
    private final Object lock = new Object();
    private boolean closed;

    InFile(String name, RandomAccessFile file, long dataStart) {
      this.name = name;
      this.file = file;
      this.dataStart = dataStart;
    }

    @Override
    public void read(TensorInfo tensor, Sink sink) throws IOException {
      long length = tensor.end() - tensor.begin();
      byte[] bytes = new byte[(int) Math.min(CHUNK_BYTES, length)];
      ByteBuffer chunk = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (long done = 0; done < length; done += chunk.limit()) {
        chunk.clear().limit((int) Math.min(CHUNK_BYTES, length - done));
        fill(bytes, chunk.limit(), dataStart + tensor.begin() + done, tensor);
        sink.accept(chunk, done);
      }
    }

    private void fill(byte[] bytes, int count, long at, TensorInfo tensor) throws IOException {
      synchronized (lock) {
        if (closed) {
          throw new IOException(name + ": closed, so " + tensor + " cannot be read");
        }
        file.seek(at);
        for (int got = 0; got < count; ) {
          int more = file.read(bytes, got, count - got);
          if (more < 0) {
            throw new SafetensorsException(
                name
                    + ": the file has shrunk since it was opened: no byte "
                    + (at + got)
                    + " for "
                    + tensor);
          }
          got += more;
        }
      }
    }

    @Override
    public void close() throws IOException {
      synchronized (lock) {
        closed = true;
        file.close();
      }
    }
  }
}
