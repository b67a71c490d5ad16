package io.sendense.recovery.disk;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.disk.LvmText.Section;
import io.sendense.recovery.disk.StripedSource.Segment;
import io.sendense.recovery.disk.StripedSource.Stripe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A volume group: which extents of which physical volumes make up a logical one. */
record LvmGroup(String id, String name, long sequence, Section section) {
  private static final int SECTOR = 512;
  private static final int MOST_SEGMENTS = 100_000;
  private static final int MOST_STRIPES = 128;

  static LvmGroup parse(String text) {
    Section all = LvmText.parse(text);
    for (Map.Entry<String, Object> entry : all.values().entrySet()) {
      if (entry.getValue() instanceof Section group && group.has("extent_size")) {
        return new LvmGroup(group.string("id"), entry.getKey(), group.number("seqno"), group);
      }
    }
    throw LvmText.wrong("it describes no volume group");
  }

  List<GuestVolume> volumes(Map<String, BlockSource> physical, List<String> notes) {
    List<GuestVolume> found = new ArrayList<>();
    if (!section.has("logical_volumes")) {
      return found;
    }
    section
        .section("logical_volumes")
        .values()
        .forEach(
            (volume, value) -> {
              if (!(value instanceof Section described)
                  || !described.list("status").contains("VISIBLE")) {
                return;
              }
              String full = name + "/" + volume;
              try {
                BlockSource source = new StripedSource(segments(described, physical));
                found.add(new GuestVolume(full, "LVM2 logical volume", source));
              } catch (SendenseException e) {
                notes.add(full + ": " + e.getMessage());
              }
            });
    return found;
  }

  private List<Segment> segments(Section volume, Map<String, BlockSource> physical) {
    long count = volume.number("segment_count");
    if (count < 1 || count > MOST_SEGMENTS) {
      throw LvmText.wrong("a volume of " + count + " segments");
    }
    long extent = bytes(section.number("extent_size"));
    List<Segment> segments = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      Section segment = volume.section("segment" + i);
      String type = segment.string("type");
      if (!type.equals("striped")) {
        throw io.sendense.recovery.block.Guest.unsupported(
            "LVM2", "segments of type " + type + " are not read, only linear and striped ones");
      }
      List<Stripe> stripes = stripes(segment, physical, extent);
      long chunk = stripes.size() == 1 ? Long.MAX_VALUE : bytes(segment.number("stripe_size"));
      segments.add(
          new Segment(
              times(segment.number("start_extent"), extent),
              times(segment.number("extent_count"), extent),
              chunk,
              stripes));
    }
    return segments;
  }

  private List<Stripe> stripes(Section segment, Map<String, BlockSource> physical, long extent) {
    List<?> places = segment.list("stripes");
    if (places.isEmpty() || places.size() % 2 != 0 || places.size() / 2 > MOST_STRIPES) {
      throw LvmText.wrong("a segment with " + places.size() / 2 + " stripes");
    }
    List<Stripe> stripes = new ArrayList<>();
    for (int i = 0; i < places.size(); i += 2) {
      if (!(places.get(i) instanceof String label) || !(places.get(i + 1) instanceof Long first)) {
        throw LvmText.wrong("stripes that are no pairs of volume and extent");
      }
      Section described = section.section("physical_volumes").section(label);
      String wanted = described.string("id").replace("-", "");
      BlockSource source = physical.get(wanted);
      if (source == null) {
        throw LvmText.wrong(
            "physical volume " + described.string("id") + " is on none of the disks given");
      }
      long start = bytes(described.number("pe_start"));
      stripes.add(new Stripe(source, Math.addExact(start, times(Math.max(0, first), extent))));
    }
    return stripes;
  }

  private static long bytes(long sectors) {
    return times(sectors, SECTOR);
  }

  private static long times(long one, long other) {
    if (Math.multiplyHigh(one, other) != 0 || one * other < 0 || one * other > Long.MAX_VALUE / 4) {
      throw LvmText.wrong(one + " times " + other + " is more than any disk");
    }
    return one * other;
  }
}
