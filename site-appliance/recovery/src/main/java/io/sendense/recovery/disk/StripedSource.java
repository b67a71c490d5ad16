package io.sendense.recovery.disk;

import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.Guest;
import io.sendense.recovery.block.Window;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A logical volume put together from segments, each over one or more stripes. */
final class StripedSource implements BlockSource {
  private final List<Segment> segments;
  private final long sizeBytes;

  /** Where a stripe's first byte lies. */
  record Stripe(BlockSource source, long offset) {}

  /**
   * A part of the volume.
   *
   * @param chunk bytes on one stripe before the next one's turn
   */
  record Segment(long start, long length, long chunk, List<Stripe> stripes) {}

  /**
   * @throws io.sendense.domain.SendenseException GUEST_DAMAGED where segments leave gaps, overlap
   *     or reach beyond what they lie on
   */
  StripedSource(List<Segment> segments) {
    this.segments = segments.stream().sorted(Comparator.comparingLong(Segment::start)).toList();
    long end = 0;
    for (Segment segment : this.segments) {
      long width = segment.length() / segment.stripes().size();
      if (segment.start() != end || segment.length() <= 0 || segment.chunk() <= 0) {
        throw LvmText.wrong("segments leave a gap or overlap at byte " + end);
      }
      for (Stripe stripe : segment.stripes()) {
        if (stripe.offset() > stripe.source().sizeBytes() - width) {
          throw LvmText.wrong("a segment reaches beyond its physical volume");
        }
      }
      end += segment.length();
    }
    sizeBytes = end;
  }

  /** Where all of it lies, if it lies in one piece. */
  Optional<Window> piece() {
    if (segments.size() != 1 || segments.getFirst().stripes().size() != 1) {
      return Optional.empty();
    }
    Stripe stripe = segments.getFirst().stripes().getFirst();
    return Optional.of(new Window(stripe.source(), stripe.offset(), sizeBytes));
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    int limit = target.limit();
    long at = offset;
    while (target.position() < limit) {
      Segment segment = at(at);
      long within = at - segment.start();
      long most = Math.min(segment.length() - within, limit - target.position());
      int count = segment.stripes().size();
      int which = 0;
      long place = within;
      if (count > 1) {
        long row = within / segment.chunk();
        long inChunk = within % segment.chunk();
        which = (int) (row % count);
        place = row / count * segment.chunk() + inChunk;
        most = Math.min(most, segment.chunk() - inChunk);
      }
      Stripe stripe = segment.stripes().get(which);
      if (stripe.offset() + place > stripe.source().sizeBytes() - most) {
        throw Guest.damaged("LVM2", "segment", segment.start(), "it reaches beyond its disk");
      }
      target.limit(target.position() + (int) most);
      stripe.source().read(stripe.offset() + place, target);
      target.limit(limit);
      at += most;
    }
  }

  private Segment at(long offset) {
    int low = 0;
    int high = segments.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (segments.get(middle).start() <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return segments.get(low);
  }
}
