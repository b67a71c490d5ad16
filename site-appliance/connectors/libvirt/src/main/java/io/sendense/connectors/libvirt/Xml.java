package io.sendense.connectors.libvirt;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * Reads and writes the XML that libvirt speaks. What comes from a host is not trusted: a document
 * type, and with it every entity and external file, is refused.
 */
final class Xml {
  private Xml() {}

  /**
   * @param what for the error text
   * @throws SendenseException SOURCE_PROTOCOL
   */
  static Element parse(String what, String text) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
      factory.setXIncludeAware(false);
      factory.setExpandEntityReferences(false);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new Silent());
      return builder.parse(new InputSource(new StringReader(text))).getDocumentElement();
    } catch (SAXException e) {
      throw new SendenseException(
          ErrorCode.SOURCE_PROTOCOL,
          what + " is no XML that is read here: " + e.getMessage(),
          "Look at it with virsh dumpxml.",
          e);
    } catch (ParserConfigurationException | IOException e) {
      throw new IllegalStateException("every JDK parses XML from memory", e);
    }
  }

  /** The JDK's own handler prints on standard error. */
  private static final class Silent implements ErrorHandler {
    @Override
    public void warning(SAXParseException e) {
      // Nothing in it changes what is read.
    }

    @Override
    public void error(SAXParseException e) throws SAXException {
      throw e;
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
      throw e;
    }
  }

  /** The direct children of this name. */
  static List<Element> children(Element of, String name) {
    List<Element> found = new ArrayList<>();
    for (Node n = of.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n instanceof Element e && e.getTagName().equals(name)) {
        found.add(e);
      }
    }
    return found;
  }

  static Optional<Element> child(Element of, String name) {
    return children(of, name).stream().findFirst();
  }

  /** The text of the child of this name; empty text where there is none. */
  static String text(Element of, String name) {
    return child(of, name).map(e -> e.getTextContent().strip()).orElse("");
  }

  /** An attribute of the child of this name; empty text where there is none. */
  static String attribute(Element of, String name, String attribute) {
    return child(of, name).map(e -> e.getAttribute(attribute)).orElse("");
  }

  /** A text as it stands between tags or in quotes. */
  static String escape(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '\'' -> out.append("&apos;");
                case '"' -> out.append("&quot;");
                default -> {
                  if (c < 0x20) {
                    throw new SendenseException(
                        ErrorCode.BAD_ARGUMENT,
                        "a name or path holds a control character",
                        "Give it without.");
                  }
                  out.appendCodePoint(c);
                }
              }
            });
    return out.toString();
  }
}
