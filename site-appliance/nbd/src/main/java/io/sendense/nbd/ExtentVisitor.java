package io.sendense.nbd;

/** Receives extents in ascending order, on the calling thread. */
@FunctionalInterface
public interface ExtentVisitor {
  void visit(Extent extent);
}
