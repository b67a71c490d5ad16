@NullMarked
package io.sendense.cloud;

import org.jspecify.annotations.NullMarked;
