package io.sendense.connectors.libvirt;

import java.util.List;
import java.util.Optional;

/** The documents that a backup is begun with (libvirt: formatbackup, formatcheckpoint). */
final class BackupXml {
  private BackupXml() {}

  /**
   * One disk's part.
   *
   * @param scratch file that keeps old blocks; its path as the host of QEMU sees it
   * @param since checkpoint whose changes are wanted; empty for all of the disk
   * @param tracked whether the new checkpoint gets a bitmap on it
   */
  record Disk(String target, String scratch, Optional<String> since, boolean tracked) {
    String bitmap() {
      return "changed-" + target;
    }
  }

  static String backup(NbdPlace place, List<Disk> disks, List<String> others) {
    StringBuilder xml = new StringBuilder("<domainbackup mode='pull'>");
    xml.append(place.serverXml()).append("<disks>");
    for (Disk disk : disks) {
      String target = Xml.escape(disk.target());
      xml.append("<disk name='").append(target).append("' backup='yes' type='file'");
      xml.append(" exportname='").append(target).append("'");
      if (disk.since().isPresent()) {
        xml.append(" backupmode='incremental' incremental='")
            .append(Xml.escape(disk.since().get()))
            .append("' exportbitmap='")
            .append(Xml.escape(disk.bitmap()))
            .append("'");
      } else {
        xml.append(" backupmode='full'");
      }
      xml.append("><driver type='qcow2'/><scratch file='")
          .append(Xml.escape(disk.scratch()))
          .append("'/></disk>");
    }
    // What is not named would be captured as well, with a scratch file beside the image.
    for (String other : others) {
      xml.append("<disk name='").append(Xml.escape(other)).append("' backup='no'/>");
    }
    return xml.append("</disks></domainbackup>").toString();
  }

  static String checkpoint(String name, List<Disk> disks, List<String> others) {
    return checkpoint(name, disks, others, "");
  }

  /**
   * As it would have to look for libvirt to know it again.
   *
   * @param domainXml the machine's description as libvirt gave it
   */
  static String known(
      String name, long createdSeconds, List<Disk> disks, List<String> others, String domainXml) {
    return checkpoint(
        name, disks, others, "<creationTime>" + createdSeconds + "</creationTime>" + domainXml);
  }

  private static String checkpoint(
      String name, List<Disk> disks, List<String> others, String more) {
    StringBuilder xml = new StringBuilder("<domaincheckpoint><name>");
    xml.append(Xml.escape(name)).append("</name>").append(more).append("<disks>");
    for (Disk disk : disks) {
      xml.append("<disk name='")
          .append(Xml.escape(disk.target()))
          .append(disk.tracked() ? "' checkpoint='bitmap'/>" : "' checkpoint='no'/>");
    }
    for (String other : others) {
      xml.append("<disk name='").append(Xml.escape(other)).append("' checkpoint='no'/>");
    }
    return xml.append("</disks></domaincheckpoint>").toString();
  }
}
