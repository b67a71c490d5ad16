package io.sendense.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NbdUriTest {
  @Test
  void tcpHasADefaultPortAndAnExport() {
    assertThat(NbdUri.parse("nbd://backup.example/vda"))
        .isEqualTo(NbdUri.tcp("backup.example", 10809, "vda"));
    assertThat(NbdUri.parse("nbd://[::1]:10810")).isEqualTo(NbdUri.tcp("::1", 10810, ""));
  }

  @Test
  void aUnixSocketMayStandBesideTlsAndAContext() {
    NbdUri uri =
        NbdUri.parse(
            "nbds+unix://host/a%20b?socket=/run/x+y.sock&tls-certificates=/etc/pki"
                + "&meta-context=qemu:dirty-bitmap:b0");

    assertThat(uri.host()).isEqualTo("host");
    assertThat(uri.export()).isEqualTo("a b");
    assertThat(uri.socket()).contains(Path.of("/run/x+y.sock"));
    assertThat(uri.certificates()).contains(Path.of("/etc/pki"));
    assertThat(uri.metaContext()).contains("qemu:dirty-bitmap:b0");
    assertThat(uri.tls()).isTrue();
  }

  @Test
  void whatItPrintsItParses() {
    for (NbdUri uri :
        new NbdUri[] {
          NbdUri.unix(Path.of("/tmp/a.sock"), "vda"), NbdUri.tcp("::1", 10809, "disk0")
        }) {
      assertThat(NbdUri.parse(uri.toString())).isEqualTo(uri);
    }
    assertThat(NbdUri.unix(Path.of("/a"), "").metaContext()).isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://host/x | scheme",
        "nbd+vsock://2/x | scheme",
        "nbd:unix:/sock | no //",
        "nbd://user@host/x | user",
        "nbd://host/x#y | fragment",
        "nbd:///x | host",
        "nbd://host:0/x | port",
        "nbd://host:70000/x | port",
        "nbd+unix:///x | socket=PATH",
        "nbd://host/x?socket=/s | socket=PATH",
        "nbd+unix://host:1/x?socket=/s | port",
        "nbd+unix:///x?socket=/s&socket=/t | twice",
        "nbd+unix:///x?socket= | without name or value",
        "nbd+unix:///x?socket=/s&tls-psk-file=/p | tls-psk-file",
        "nbd+unix:///x?socket=/s&tls-certificates=/p | without TLS",
        "nbd+unix:///x?socket=%00 | not a path",
        "nbd://a b/x | not a URI",
      })
  void whatIsNotUnderstoodIsRefusedWithTheReason(String text, String reason) {
    assertThatThrownBy(() -> NbdUri.parse(text))
        .hasMessageContaining(reason)
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_ARGUMENT));
  }

  @Test
  void pathsAreNotTakenForUris() {
    assertThat(NbdUri.looksLike("/var/lib/nbd.qcow2")).isFalse();
    assertThat(NbdUri.looksLike("nbd.img")).isFalse();
    assertThat(NbdUri.looksLike("nbd://host/")).isTrue();
    assertThat(NbdUri.looksLike("nbds+unix:///?socket=/s")).isTrue();
  }
}
