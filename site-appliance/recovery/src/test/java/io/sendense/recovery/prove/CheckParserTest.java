package io.sendense.recovery.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckParserTest {
  @Test
  void everyKindOfCheckIsUnderstood() {
    List<Check> checks =
        CheckParser.parse(
            List.of(
                "boot:text=READY",
                "agent",
                "network;optional",
                "tcp:5432;within=7",
                "http:8080/a/b?x=1=204",
                "fs",
                "app:mariadb:3307",
                "script:/bin/true"));
    assertThat(checks)
        .extracting(Check::what)
        .containsExactly(
            new Check.BootText("READY"),
            new Check.Agent(),
            new Check.Network(),
            new Check.Tcp(5432),
            new Check.Http(8080, "/a/b?x=1", 204),
            new Check.Files(),
            new Check.App(Check.Application.MYSQL, 3307),
            new Check.Script(java.nio.file.Path.of("/bin/true")));
    assertThat(checks.get(2).required()).isFalse();
    assertThat(checks.get(3).within()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void bootIsCheckedBeforeWhatNeedsIt() {
    assertThat(CheckParser.parse(List.of("agent")))
        .extracting(Check::spec)
        .containsExactly("boot", "agent");
    assertThat(CheckParser.parse(List.of("fs"))).extracting(Check::spec).containsExactly("fs");
    assertThat(CheckParser.parse(List.of())).extracting(Check::spec).containsExactly("boot", "fs");
  }

  @Test
  void everyErrorIsListedAtOnce() {
    assertThatThrownBy(
            () ->
                CheckParser.parse(
                    List.of(
                        "ping",
                        "tcp:0",
                        "http:80/a b",
                        "app:oracle",
                        "script:/no/such/program",
                        "agent:1",
                        "fs;within=0",
                        "boot;fast")))
        .hasMessageContaining("no check \"ping\"")
        .hasMessageContaining("\"0\" is not a port")
        .hasMessageContaining("no spaces")
        .hasMessageContaining("\"oracle\" is not known")
        .hasMessageContaining("no program \"/no/such/program\"")
        .hasMessageContaining("\"agent:1\": nothing may follow")
        .hasMessageContaining("within= takes 1 to")
        .hasMessageContaining("\"fast\" is neither");
  }
}
