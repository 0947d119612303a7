package dev.diecast.tools.inspect.graphviz;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The nodes and edges of a Graphviz text in the small part of the language that plans use. */
record DotGraph(Set<String> nodes, List<Edge> edges) {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(\"(?:[^\"\\\\\n]|\\\\.)*\")|([A-Za-z_][\\w.]*|\\d+)|(->|[{}\\[\\],;=]))");

  record Edge(String from, String to) {}

  static DotGraph parse(String text) {
    return new Parser(tokens(text)).graph();
  }

  private static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    int at = 0;
    String rest = text.stripTrailing();
    while (at < rest.length()) {
      if (!matcher.region(at, text.length()).lookingAt()) {
        throw new IllegalArgumentException("no DOT at " + at + ": " + text.substring(at));
      }
      tokens.add(matcher.group().strip());
      at = matcher.end();
    }
    return tokens;
  }

  private static final class Parser {
    private final List<String> tokens;
    private final Set<String> nodes = new TreeSet<>();
    private final List<Edge> edges = new ArrayList<>();
    private int at;

    Parser(List<String> tokens) {
      this.tokens = tokens;
    }

    DotGraph graph() {
      expect("digraph");
      next();
      block();
      if (at != tokens.size()) {
        throw new IllegalArgumentException("text after the graph: " + tokens.get(at));
      }
      return new DotGraph(nodes, edges);
    }

    private void block() {
      expect("{");
      while (!peek().equals("}")) {
        statement();
      }
      next();
    }

    private void statement() {
      if (peek().equals("{")) {
        block();
        return;
      }
      String name = next();
      if (peek().equals("=")) {
        next();
        next();
      } else if (peek().equals("->")) {
        next();
        edges.add(new Edge(name, next()));
        attributes();
      } else {
        attributes();
        if (!name.equals("node") && !name.equals("edge")) {
          nodes.add(name);
        }
      }
      expect(";");
    }

    private void attributes() {
      if (!peek().equals("[")) {
        return;
      }
      next();
      while (!peek().equals("]")) {
        next();
        expect("=");
        next();
        if (peek().equals(",")) {
          next();
        }
      }
      next();
    }

    private String peek() {
      return at < tokens.size() ? tokens.get(at) : "end of text";
    }

    private String next() {
      if (at >= tokens.size()) {
        throw new IllegalArgumentException("the graph does not end");
      }
      return tokens.get(at++);
    }

    private void expect(String token) {
      String found = next();
      if (!found.equals(token)) {
        throw new IllegalArgumentException(
            "'" + found + "' where '" + token + "' belongs, token " + at);
      }
    }
  }
}
