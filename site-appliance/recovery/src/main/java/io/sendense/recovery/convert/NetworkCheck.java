package io.sendense.recovery.convert;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which network cards the guest's settings name, by name or by address, and a rule that gives the
 * new cards the old names.
 */
final class NetworkCheck {
  static final String RULES = "70-sendense-net.rules";

  private static final String NAME = "([A-Za-z][A-Za-z0-9_-]{0,14})";
  private static final String MAC = "([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5})";

  /** Files that may bind settings to a card: a folder, an ending, the name, the address. */
  private record Form(String folder, String ending, Pattern name, Pattern mac) {}

  private static final List<Form> FORMS =
      List.of(
          form(
              "/etc/network",
              "interfaces",
              "^\\s*iface\\s+" + NAME + "\\s",
              "hwaddress\\s+(?:ether\\s+)?" + MAC),
          form(
              "/etc/network/interfaces.d",
              "",
              "^\\s*iface\\s+" + NAME + "\\s",
              "hwaddress\\s+(?:ether\\s+)?" + MAC),
          form(
              "/etc/sysconfig/network-scripts",
              "ifcfg-*",
              "^DEVICE=\"?" + NAME,
              "^HWADDR=\"?" + MAC),
          form("/etc/sysconfig/network", "ifcfg-*", "^DEVICE=\"?" + NAME, "^HWADDR=\"?" + MAC),
          form(
              "/etc/netplan",
              ".yaml",
              "^(?:  |    )\"?" + NAME + "\"?:\\s*$",
              "macaddress:\\s*\"?" + MAC),
          form(
              "/etc/NetworkManager/system-connections",
              ".nmconnection",
              "^interface-name=" + NAME,
              "^mac-address=" + MAC),
          form("/etc/systemd/network", ".network", "^Name=" + NAME + "\\s*$", "^MACAddress=" + MAC),
          form("/etc/systemd/network", ".link", "^Name=" + NAME + "\\s*$", "^MACAddress=" + MAC),
          form(
              "/etc/udev/rules.d",
              "70-persistent-net.rules",
              "NAME=\"" + NAME + "\"",
              "ATTR\\{address\\}==\"" + MAC));

  /** Names that are no cards, or that settings have in the place of one. */
  private static final Pattern NOT_A_CARD =
      Pattern.compile(
          "lo|(bond|br|virbr|docker|veth|vlan|tun|tap|dummy|wg|team)[0-9-].*|ethernets|bridges"
              + "|bonds|vlans|wifis|network|version|renderer|match|addresses|nameservers|routes");

  private final GuestTree tree;
  private final Target target;
  private final Draft draft;
  private final Map<String, String> cards;

  /**
   * @param cards the addresses of the new machine's cards by the names the guest is to give them
   */
  NetworkCheck(GuestTree tree, Target target, Draft draft, Map<String, String> cards) {
    this.tree = tree;
    this.target = target;
    this.draft = draft;
    this.cards = new TreeMap<>(cards);
  }

  private static Form form(String folder, String ending, String name, String mac) {
    return new Form(
        folder,
        ending,
        Pattern.compile(name, Pattern.MULTILINE),
        Pattern.compile(mac, Pattern.MULTILINE));
  }

  void check() {
    Set<String> names = new TreeSet<>();
    for (Form form : FORMS) {
      for (GuestTree.Place place : tree.list(form.folder())) {
        if (applies(form, place)) {
          String text = GuestTree.text(place);
          Optional<String> mac = first(form.mac(), text);
          mac.ifPresent(
              address ->
                  draft.warning(
                      "network",
                      place.guestPath()
                          + " is bound to the address "
                          + address
                          + "; give the new card that address, or change the file"));
          Matcher matcher = form.name().matcher(text);
          while (matcher.find()) {
            if (!NOT_A_CARD.matcher(matcher.group(1)).matches()) {
              names.add(matcher.group(1));
            }
          }
        }
      }
    }
    if (names.isEmpty() && cards.isEmpty()) {
      draft.note("network", "no settings name a card");
      return;
    }
    if (tree.exists("/etc/udev/rules.d/" + RULES)) {
      draft.note("network", RULES + " is there already");
      return;
    }
    rules(names);
  }

  private static boolean applies(Form form, GuestTree.Place place) {
    String ending = form.ending();
    boolean named =
        ending.endsWith("*")
            ? place.name().startsWith(ending.substring(0, ending.length() - 1))
            : place.name().endsWith(ending);
    return named && place.file().attributes().kind() == io.sendense.recovery.fs.FileKind.FILE;
  }

  private void rules(Set<String> names) {
    String text;
    if (!cards.isEmpty()) {
      StringBuilder all = new StringBuilder(HEAD);
      cards.forEach(
          (name, mac) ->
              all.append("SUBSYSTEM==\"net\", ACTION==\"add\", ATTR{address}==\"")
                  .append(mac.toLowerCase(java.util.Locale.ROOT))
                  .append("\", NAME=\"")
                  .append(name)
                  .append("\"\n"));
      text = all.toString();
      names.stream()
          .filter(name -> !cards.containsKey(name))
          .forEach(name -> draft.warning("network", "no new card was given for " + name));
    } else if (names.size() == 1) {
      text =
          HEAD
              + "SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\""
              + String.join("|", target.network())
              + "\", NAME=\""
              + names.iterator().next()
              + "\"\n";
      draft.note("network", "the rule takes the machine's only card; with several give --nic");
    } else {
      draft.warning(
          "network",
          "settings name several cards, " + names + "; say with --nic NAME=MAC which is which");
      return;
    }
    Optional<GuestTree.Place> folder = tree.folder("/etc/udev/rules.d");
    if (folder.isEmpty()) {
      draft.warning("network", "there is no /etc/udev/rules.d to keep the names of cards in");
      return;
    }
    draft.change(
        Change.create(
            folder.get(), RULES, text, "the new card keeps the name that the settings use"));
  }

  private static final String HEAD =
      "# The machine was moved to another platform; these are the names its settings use.\n";

  private static Optional<String> first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
