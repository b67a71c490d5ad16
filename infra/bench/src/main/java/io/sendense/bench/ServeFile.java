package io.sendense.bench;

import io.sendense.domain.BlockRange;
import io.sendense.nbd.ExportSource;
import io.sendense.nbd.NbdServer;
import io.sendense.nbd.NbdServerOptions;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Our NBD server over a plain file: FILE SOCKET [CERTIFICATES], until it is ended. */
final class ServeFile {
  private ServeFile() {}

  public static void main(String[] arguments) throws Exception {
    NbdServerOptions plain = NbdServerOptions.unix(Path.of(arguments[1]));
    NbdServerOptions options =
        arguments.length > 2 ? plain.withCertificates(Path.of(arguments[2])) : plain;
    try (FileChannel file = FileChannel.open(Path.of(arguments[0]));
        NbdServer server = NbdServer.start(options, Map.of("", new Export(file, file.size())))) {
      System.out.println("serving " + server.uri(""));
      new CountDownLatch(1).await();
    }
  }

  private record Export(FileChannel file, long sizeBytes) implements ExportSource {
    @Override
    public void read(long offset, ByteBuffer target) {
      long at = offset;
      try {
        while (target.hasRemaining()) {
          int got = file.read(target, at);
          if (got < 0) {
            throw new EOFException();
          }
          at += got;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public List<BlockRange> allocated(BlockRange within) {
      return List.of(within);
    }
  }
}
