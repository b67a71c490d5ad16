package io.sendense.appliance;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Writes a library that was compiled for Java 5 anew as one of Java 8: with the stack maps that the
 * JVM's fast verifier wants, and without which a rehearsal's notes leave a class out. The code is
 * the same; used beside a {@link Rehearsal} only.
 */
public final class StackMaps {
  private StackMaps() {}

  /**
   * @param arguments the library, and the file to write
   */
  public static void main(String[] arguments) throws IOException {
    Path library = Path.of(arguments[0]);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {library.toUri().toURL()}, null);
        ZipFile from = new ZipFile(library.toFile());
        OutputStream file = Files.newOutputStream(Path.of(arguments[1]));
        ZipOutputStream to = new ZipOutputStream(file)) {
      ClassFile classes = classes(loader);
      for (ZipEntry entry : from.stream().toList()) {
        byte[] content = from.getInputStream(entry).readAllBytes();
        to.putNextEntry(new ZipEntry(entry.getName()));
        to.write(isOld(entry.getName(), content) ? renew(classes, content) : content);
        to.closeEntry();
      }
    }
  }

  private static ClassFile classes(ClassLoader loader) {
    ClassHierarchyResolver known = ClassHierarchyResolver.ofResourceParsing(loader);
    return ClassFile.of(
        ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
        ClassFile.ClassHierarchyResolverOption.of(
            known.orElse(ClassHierarchyResolver.defaultResolver())));
  }

  private static boolean isOld(String name, byte[] content) {
    return name.endsWith(".class") && content[7] < ClassFile.JAVA_6_VERSION;
  }

  private static byte[] renew(ClassFile classes, byte[] content) {
    ClassModel old = classes.parse(content);
    MethodTransform again = MethodTransform.transformingCode(CodeTransform.ACCEPT_ALL);
    ClassTransform renewed =
        (to, part) -> {
          switch (part) {
            case ClassFileVersion _ -> to.withVersion(ClassFile.JAVA_8_VERSION, 0);
            case MethodModel method -> to.transformMethod(method, again);
            default -> to.with(part);
          }
        };
    return classes.transformClass(old, renewed);
  }
}
