package io.sendense.recovery.inplace;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What restores make beside their place, and what one that was killed left. */
final class Leftovers {
  private static final Pattern OURS = Pattern.compile("/(.*/)?\\.sendense-restore-[0-9a-f]{16}");
  private static final Pattern ASIDE = Pattern.compile("(/.+)\\.replaced-\\d{8}T\\d{6}Z");

  private final Programs programs;
  private final Remains remains;

  Leftovers(Programs programs, Remains remains) {
    this.programs = programs;
    this.remains = remains;
  }

  /** Removes what was left, or brings it back; what was done, for people. */
  List<String> clean() {
    List<String> notes = new ArrayList<>();
    for (String folder : remains.all()) {
      Matcher aside = ASIDE.matcher(folder);
      if (aside.matches()) {
        if (bringBack(folder, aside.group(1))) {
          notes.add("brought back what an interrupted restore had set aside: " + aside.group(1));
        }
      } else if (OURS.matcher(folder).matches()) {
        remove(folder);
        notes.add("removed what an interrupted restore had left: " + folder);
      }
    }
    return notes;
  }

  /** What was set aside, where nothing came to its place. */
  boolean bringBack(String aside, String place) {
    boolean needed = programs.exists(aside) && !programs.exists(place);
    if (needed) {
      programs.moveToNew(aside, place);
    }
    remains.remove(aside);
    return needed;
  }

  void remove(String work) {
    programs.run(Programs.WORK, "rm", "-r", "-f", "--", work);
    remains.remove(work);
  }
}
