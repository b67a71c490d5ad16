package io.sendense.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever a server sends, a reply is right, refused with a clear error, or cut off. */
class ReplyReaderFuzzTest {
  private static final int READ_BYTES = 6000;
  private static final long READ_OFFSET = 1 << 20;

  @Property(tries = 3000)
  void garbageIsRefused(@ForAll Random random) {
    byte[] garbage = new byte[random.nextInt(5000)];
    random.nextBytes(garbage);
    run(garbage, random, new HashMap<>(), random.nextBoolean());
  }

  @Property(tries = 3000)
  void damagedRepliesAreRefusedOrOnlyChangeData(@ForAll Random random) throws IOException {
    byte[] content = new byte[READ_BYTES];
    random.nextBytes(content);
    byte[] stream = replies(content, random);
    int damages = 1 + random.nextInt(4);
    for (int i = 0; i < damages; i++) {
      // Mostly headers, where damage matters.
      int at = random.nextInt(random.nextBoolean() ? Math.min(60, stream.length) : stream.length);
      stream[at] = (byte) random.nextInt();
    }
    run(stream, random, requests(), true);
  }

  @Property(tries = 500)
  void wholeRepliesInAnyOrderAndSplitGiveTheContent(@ForAll Random random) throws IOException {
    byte[] content = new byte[READ_BYTES];
    random.nextBytes(content);
    int holeFrom = random.nextInt(READ_BYTES - 1);
    Arrays.fill(content, holeFrom, holeFrom + 1 + random.nextInt(READ_BYTES - holeFrom), (byte) 0);
    Map<Long, Request> requests = requests();
    ByteBuffer target = random.nextBoolean() ? heap() : ByteBuffer.allocateDirect(READ_BYTES);
    Request read = Request.read(READ_OFFSET, target);
    requests.put(1L, read);

    run(replies(content, random), random, requests, true);

    assertThat(read.isDone()).isTrue();
    assertThat(read.failure()).isNull();
    assertThat(target).isEqualTo(ByteBuffer.wrap(content));
    assertThat(requests).isEmpty();
  }

  private static Map<Long, Request> requests() {
    Map<Long, Request> requests = new HashMap<>();
    requests.put(1L, Request.read(READ_OFFSET, heap()));
    requests.put(2L, Request.blockStatus(0, 1 << 20, new BlockStatusSink(7)));
    requests.put(3L, Request.read(0, ByteBuffer.allocate(512)));
    return requests;
  }

  private static ByteBuffer heap() {
    return ByteBuffer.allocate(READ_BYTES);
  }

  private static void run(
      byte[] stream, Random random, Map<Long, Request> requests, boolean structured) {
    ReplyReader.InFlight inFlight =
        new ReplyReader.InFlight() {
          @Override
          public Optional<Request> find(long cookie) {
            return Optional.ofNullable(requests.get(cookie));
          }

          @Override
          public void ended(long cookie, Request request) {
            requests.remove(cookie);
            request.end();
          }
        };
    ReplyReader reader =
        new ReplyReader(
            new BytesTransport(stream, random),
            inFlight,
            new Failures(NbdUri.unix(Path.of("/s"), "")),
            structured);
    try {
      // Every reply takes at least its header, so this loop is bounded by the stream.
      for (int i = 0; i <= stream.length; i++) {
        reader.readOne();
      }
      throw new AssertionError("more replies than bytes");
    } catch (SendenseException refused) {
      assertThat(refused.code()).isEqualTo(ErrorCode.SOURCE_PROTOCOL);
      assertThat(refused.getMessage()).contains("broke the protocol");
    } catch (IOException cutOff) {
      assertThat(cutOff).hasMessageContaining("closed it");
    }
  }

  /** Replies to a read in shuffled chunks, a block status and an error. */
  private static byte[] replies(byte[] content, Random random) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    chunk(out, 0, Nbd.REPLY_BLOCK_STATUS, 2, 4 + 16);
    out.writeInt(7);
    out.writeInt(4096);
    out.writeInt(0);
    out.writeInt(8192);
    out.writeInt(3);
    List<int[]> pieces = new ArrayList<>();
    for (int at = 0; at < content.length; ) {
      boolean zero = content[at] == 0;
      int end = at + 1;
      int most = at + 1 + random.nextInt(3000);
      while (end < content.length && end < most && (content[end] == 0) == zero) {
        end++;
      }
      pieces.add(new int[] {at, end});
      at = end;
    }
    java.util.Collections.shuffle(pieces, random);
    for (int[] piece : pieces) {
      int length = piece[1] - piece[0];
      boolean hole = content[piece[0]] == 0;
      int type = hole ? Nbd.REPLY_OFFSET_HOLE : Nbd.REPLY_OFFSET_DATA;
      chunk(out, 0, type, 1, hole ? 12 : 8 + length);
      out.writeLong(READ_OFFSET + piece[0]);
      if (hole) {
        out.writeInt(length);
      } else {
        out.write(content, piece[0], length);
      }
    }
    chunk(out, Nbd.REPLY_FLAG_DONE, Nbd.REPLY_NONE, 1, 0);
    chunk(out, Nbd.REPLY_FLAG_DONE, Nbd.REPLY_ERROR_OFFSET, 3, 4 + 2 + 3 + 8);
    out.writeInt(Nbd.EIO);
    out.writeShort(3);
    out.write(new byte[] {'b', 'a', 'd'});
    out.writeLong(100);
    chunk(out, Nbd.REPLY_FLAG_DONE, Nbd.REPLY_NONE, 2, 0);
    return bytes.toByteArray();
  }

  private static void chunk(DataOutputStream out, int flags, int type, long cookie, int length)
      throws IOException {
    out.writeInt(Nbd.STRUCTURED_REPLY_MAGIC);
    out.writeShort(flags);
    out.writeShort(type);
    out.writeLong(cookie);
    out.writeInt(length);
  }
}
