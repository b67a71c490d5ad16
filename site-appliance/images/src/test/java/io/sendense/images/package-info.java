@org.jspecify.annotations.NullMarked
package io.sendense.images;
