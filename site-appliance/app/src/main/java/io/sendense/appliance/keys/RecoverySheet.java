package io.sendense.appliance.keys;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The page to print and lock away: a secret of its own that opens the repository when everything
 * else is lost.
 *
 * @param location where the repository is, for people
 * @param keyId the key object that the code opens
 * @param code the lines of a {@link RecoveryCode}
 */
public record RecoverySheet(String location, String keyId, Instant madeAt, List<String> code) {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** One HTML page without anything from elsewhere, for A4 and Letter. */
  public String html() {
    String lines = String.join("\n", code.stream().map(line -> "<li>" + line + "</li>").toList());
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <title>Sendense recovery sheet</title>
        <style>
        @page { margin: 20mm }
        body { font: 11pt/1.45 Georgia, serif; color: #000; background: #fff; max-width: 170mm; margin: 12mm auto }
        h1 { font-size: 20pt; margin: 0 0 2mm }
        h2 { font-size: 13pt; margin: 8mm 0 2mm }
        .code { display: flex; gap: 10mm; align-items: center; border: 1.5pt solid #000; padding: 6mm; break-inside: avoid }
        .code ol { font: 700 16pt/1.7 "DejaVu Sans Mono", Consolas, monospace; margin: 0; padding-left: 10mm }
        .code svg { width: 42mm; height: 42mm; flex: none }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 1mm 6mm; margin: 0 }
        dt { color: #333 } dd { margin: 0; overflow-wrap: anywhere }
        pre { font-size: 10pt; border-left: 2pt solid #000; padding-left: 4mm; white-space: pre-wrap }
        </style>
        </head>
        <body>
        <h1>Recovery sheet</h1>
        <p><strong>Whoever holds this page can read every backup in the repository named below.</strong>
        Print it, lock it away from the backups, and delete the file.</p>
        <div class="code">
        <ol>
        %s
        </ol>
        %s
        </div>
        <h2>What it opens</h2>
        <dl>
        <dt>Repository</dt><dd>%s</dd>
        <dt>Key</dt><dd>%s</dd>
        <dt>Made</dt><dd>%s</dd>
        </dl>
        <h2>How to use it</h2>
        <p>On any machine with Sendense and access to the repository:</p>
        <pre>read -rs SENDENSE_RECOVERY_CODE; export SENDENSE_RECOVERY_CODE
        ./sendense appliance points --repository R
        ./sendense appliance restore --repository R --point ID --to PATH</pre>
        <p>Type the four lines one after the other and press Enter. Capitals, spaces and hyphens do not matter;
        a slip is found and its line named. There are no letters I, L, O and U in a code.</p>
        <h2>When it ends</h2>
        <p>The sheet stops working when its key is removed (<code>repository key remove R %s</code>) and when
        the repository&rsquo;s key is rotated. Make a new one then.</p>
        </body>
        </html>
        """
        .formatted(
            lines, qr(), escape(location), escape(keyId), DATE.format(madeAt), escape(keyId));
  }

  private String qr() {
    try {
      BitMatrix bits =
          new QRCodeWriter()
              .encode(
                  String.join("", code).replace("-", ""),
                  BarcodeFormat.QR_CODE,
                  0,
                  0,
                  Map.of(
                      EncodeHintType.ERROR_CORRECTION,
                      ErrorCorrectionLevel.Q,
                      EncodeHintType.MARGIN,
                      0));
      StringBuilder path = new StringBuilder();
      for (int y = 0; y < bits.getHeight(); y++) {
        for (int x = 0; x < bits.getWidth(); x++) {
          if (bits.get(x, y)) {
            path.append('M').append(x).append(' ').append(y).append("h1v1h-1z");
          }
        }
      }
      return "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"The code as a QR code\"><path d=\"%s\"/></svg>"
          .formatted(bits.getWidth(), bits.getHeight(), path);
    } catch (WriterException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
