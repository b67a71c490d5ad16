package io.sendense.cloud.audit;

/**
 * An audit entry as a message of syslog (RFC 5424, facility 13 "log audit", severity 5) whose text
 * is CEF version 0. The message is not framed: a sender over TCP counts its octets (RFC 6587).
 */
final class Cef {
  private static final int PRIORITY = 13 * 8 + 5;

  private Cef() {}

  static String message(ChainEntry entry) {
    String cef =
        "CEF:0|Sendense|Control plane|1|"
            + header(entry.action())
            + "|"
            + header(entry.action())
            + "|3|rt="
            + entry.at().toEpochMilli()
            + " externalId="
            + entry.sequence()
            + " suser="
            + value(entry.actor())
            + " act="
            + value(entry.action())
            + " cs1Label=subject cs1="
            + value(entry.subject())
            + " cs2Label=mspId cs2="
            + entry.msp()
            + entry.customer().map(id -> " cs3Label=customerId cs3=" + id).orElse("")
            + " cs4Label=hash cs4="
            + entry.hash()
            + " msg="
            + value(entry.detail());
    return "<" + PRIORITY + ">1 " + entry.at() + " - sendense-control-plane - audit - " + cef;
  }

  private static String header(String text) {
    return oneLine(text.replace("\\", "\\\\").replace("|", "\\|"), " ");
  }

  private static String value(String text) {
    return oneLine(text.replace("\\", "\\\\").replace("=", "\\="), "\\n");
  }

  private static String oneLine(String text, String instead) {
    return text.replace("\r\n", instead).replace("\n", instead).replace("\r", instead);
  }
}
