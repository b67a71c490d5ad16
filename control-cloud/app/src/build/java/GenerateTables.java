import io.sendense.testkit.Folders;
import io.sendense.testkit.postgres.DatabaseAccess;
import io.sendense.testkit.postgres.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.SchemaMappingType;
import org.jooq.meta.jaxb.Target;

/**
 * The build's step that turns the migrations into typed tables: migrates a throw-away PostgreSQL
 * and reads its catalogue. Nothing is done while the migrations are the ones of the last run.
 *
 * <p>Arguments: folder of the migrations, folder of the generated sources, a working folder.
 */
public class GenerateTables {
  static final List<String> SCHEMAS =
      List.of(
          "tenancy",
          "audit",
          "fleet",
          "protection",
          "licensing",
          "metering",
          "commerce",
          "notification");

  public static void main(String[] args) throws Exception {
    Path migrations = Path.of(args[0]);
    Path sources = Path.of(args[1]);
    Path work = Path.of(args[2]);
    Path stamp = work.resolve("generated.sha256");
    String fingerprint = fingerprint(migrations);
    if (Files.exists(stamp)
        && Files.readString(stamp).equals(fingerprint)
        && Files.isDirectory(sources.resolve("io/sendense/cloud/db"))) {
      return;
    }
    Folders.delete(sources);
    Path home = work.resolve("codegen-postgres");
    Folders.delete(home);
    try (PostgresServer server =
        PostgresServer.start(new PostgresServer.Settings(work.resolve("peers"), home))) {
      migrate(server.access(), migrations);
      generate(server.access(), sources);
    } finally {
      Folders.delete(home);
    }
    Files.writeString(stamp, fingerprint);
  }

  private static void migrate(DatabaseAccess access, Path migrations) {
    Flyway.configure()
        .dataSource(access.url(), access.ownerUser(), access.ownerPassword())
        .locations("filesystem:" + migrations)
        .placeholders(Map.of("appRole", access.appUser()))
        .load()
        .migrate();
  }

  private static void generate(DatabaseAccess access, Path sources) throws Exception {
    GenerationTool.generate(
        new Configuration()
            .withJdbc(
                new Jdbc()
                    .withUrl(access.url())
                    .withUser(access.ownerUser())
                    .withPassword(access.ownerPassword()))
            .withGenerator(
                new Generator()
                    .withDatabase(
                        new Database()
                            .withName("org.jooq.meta.postgres.PostgresDatabase")
                            .withIncludeRoutines(false)
                            .withSchemata(
                                SCHEMAS.stream()
                                    .map(name -> new SchemaMappingType().withInputSchema(name))
                                    .toList()))
                    .withGenerate(
                        new Generate()
                            .withRecords(true)
                            .withJavaTimeTypes(true)
                            .withGeneratedAnnotation(false)
                            .withComments(false))
                    .withTarget(
                        new Target()
                            .withPackageName("io.sendense.cloud.db")
                            .withDirectory(sources.toString()))));
  }

  private static String fingerprint(Path migrations) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(Files.readAllBytes(Path.of("src/build/java/GenerateTables.java")));
    try (Stream<Path> files = Files.list(migrations)) {
      for (Path file : files.sorted().toList()) {
        digest.update(file.getFileName().toString().getBytes("UTF-8"));
        digest.update(Files.readAllBytes(file));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
