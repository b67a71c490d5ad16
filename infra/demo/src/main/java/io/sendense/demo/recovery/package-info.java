/**
 * Times recoveries beside what they are compared with, on a real libvirt with real guests. It is no
 * part of the story.
 */
@NullMarked
package io.sendense.demo.recovery;

import org.jspecify.annotations.NullMarked;
