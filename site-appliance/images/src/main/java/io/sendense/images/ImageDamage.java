package io.sendense.images;

import java.io.IOException;

/** An image file's content is not what its format demands. */
public final class ImageDamage extends IOException {
  ImageDamage(String what) {
    super(what);
  }
}
