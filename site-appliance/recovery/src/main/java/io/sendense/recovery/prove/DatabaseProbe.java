package io.sendense.recovery.prove;

import io.sendense.recovery.machine.Console;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first words of two database protocols, up to where a password would be needed: PostgreSQL's
 * frontend protocol 3.0, and the greeting of MySQL's protocol 10.
 */
final class DatabaseProbe {
  private static final int MOST = 64 << 10;
  private static final int PROTOCOL_3 = 196608;
  private static final int CANNOT_CONNECT_NOW = 1040; // MySQL: too many connections

  private DatabaseProbe() {}

  /**
   * Asks to be let in as postgres. That it asks for a password, or says that this user or database
   * is not known, shows a server that has finished its recovery and reads its catalogue.
   */
  static Finding postgresql(Socket socket) throws IOException {
    byte[] names = "user\0postgres\0database\0postgres\0\0".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer message = ByteBuffer.allocate(8 + names.length);
    message.putInt(message.capacity()).putInt(PROTOCOL_3).put(names);
    socket.getOutputStream().write(message.array());
    DataInputStream in = new DataInputStream(socket.getInputStream());
    int type = in.read();
    if (type == 'R') {
      return Finding.passed("PostgreSQL asks who is there");
    }
    if (type != 'E') {
      return new Finding(Verdict.TEST_FAILED, "what answers there is no PostgreSQL");
    }
    int length = in.readInt() - 4;
    if (length < 1 || length > MOST) {
      return new Finding(Verdict.TEST_FAILED, "what answers there is no PostgreSQL");
    }
    byte[] fields = in.readNBytes(length);
    String code = field(fields, 'C');
    String said = Console.plain(field(fields, 'M'));
    if (code.equals("57P03")) {
      return new Finding(Verdict.START_FAILED, "PostgreSQL says: " + said);
    }
    boolean decided = code.startsWith("28") || code.equals("3D000");
    return decided
        ? Finding.passed("PostgreSQL answers: " + said)
        : new Finding(Verdict.HEALTH_CHECK_FAILED, "PostgreSQL says: " + said);
  }

  static Finding mysql(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] head = in.readNBytes(4);
    int length = head.length < 4 ? 0 : number(head[0], head[1], head[2]);
    if (length < 3 || length > MOST) {
      return new Finding(Verdict.TEST_FAILED, "what answers there is no MySQL or MariaDB");
    }
    byte[] packet = in.readNBytes(length);
    if (packet.length == length && packet[0] == 10) {
      return Finding.passed("server version " + Console.plain(text(packet, 1)));
    }
    if (packet.length == length && (packet[0] & 255) == 255) {
      int code = number(packet[1], packet[2], (byte) 0);
      String said = Console.plain(text(packet, 3));
      return code == CANNOT_CONNECT_NOW
          ? new Finding(Verdict.HEALTH_CHECK_FAILED, "the server says: " + said)
          : Finding.passed("the server answers: " + said);
    }
    return new Finding(Verdict.TEST_FAILED, "what answers there is no MySQL or MariaDB");
  }

  private static int number(byte low, byte middle, byte high) {
    return (low & 255) + ((middle & 255) << 8) + ((high & 255) << 16);
  }

  private static String field(byte[] fields, char name) {
    int at = 0;
    while (at < fields.length && fields[at] != 0) {
      String value = text(fields, at + 1);
      if (fields[at] == name) {
        return value;
      }
      at += 2 + value.length();
    }
    return "";
  }

  private static String text(byte[] bytes, int from) {
    int end = Math.min(from, bytes.length);
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(
        Arrays.copyOfRange(bytes, Math.min(from, end), end), StandardCharsets.ISO_8859_1);
  }
}
