package io.sendense.connectors.kvm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Stands between the source and QEMU and, when told, cuts the connection at a given command, before
 * or after QEMU got it: what QEMU sees when the appliance is killed at that moment. Until {@link
 * #mend} it hangs up on every caller, so the killed side cannot clean up.
 */
final class CuttingProxy implements AutoCloseable {
  private final Path qemu;
  private final ServerSocketChannel server;
  private int commandsLeft = Integer.MAX_VALUE;
  private boolean deliverLast;
  private boolean cut;

  CuttingProxy(Path socket, Path qemu) throws IOException {
    this.qemu = qemu;
    Files.deleteIfExists(socket);
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::acceptAll);
  }

  /** Cuts at the n-th command from now, counted from 1; it reaches QEMU only if told so. */
  synchronized void cutAt(int n, boolean delivered) {
    commandsLeft = n;
    deliverLast = delivered;
    cut = false;
  }

  synchronized boolean wasCut() {
    return cut;
  }

  synchronized void mend() {
    commandsLeft = Integer.MAX_VALUE;
    cut = false;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void acceptAll() {
    try {
      while (server.isOpen()) {
        SocketChannel caller = server.accept();
        if (wasCut()) {
          caller.close();
        } else {
          Thread.ofVirtual().start(() -> serve(caller));
        }
      }
    } catch (IOException e) {
      // Closed by the test.
      return;
    }
  }

  private void serve(SocketChannel caller) {
    try (caller;
        SocketChannel vm = SocketChannel.open(UnixDomainSocketAddress.of(qemu))) {
      Thread answers = Thread.ofVirtual().start(() -> pump(vm, caller));
      ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
      // Our client sends one command at a time and waits, so one read is one command.
      while (caller.read(buffer) >= 0) {
        buffer.flip();
        boolean last = count();
        if (!last || delivered()) {
          while (buffer.hasRemaining()) {
            vm.write(buffer);
          }
        }
        buffer.clear();
        if (last) {
          break;
        }
      }
      caller.close();
      vm.shutdownOutput();
      answers.join();
    } catch (IOException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean count() {
    commandsLeft--;
    cut |= commandsLeft == 0;
    return commandsLeft == 0;
  }

  private synchronized boolean delivered() {
    return deliverLast;
  }

  private static void pump(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        try {
          while (buffer.hasRemaining() && to.isOpen()) {
            to.write(buffer);
          }
        } catch (IOException e) {
          // The caller was cut off; QEMU's answers are still drained.
          buffer.clear();
        }
        buffer.clear();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
