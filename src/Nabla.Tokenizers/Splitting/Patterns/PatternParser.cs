namespace Nabla.Tokenizers;

/// <summary>
/// Takes a regular expression in the syntax that Python, Rust and the makers of tokenizers share apart, into sets of
/// characters and the syntax between them. Sets are exact here: they hold code points, so that a letter beyond the first
/// plane is one character (.NET sees two halves), white space is Unicode's, and letter case is already folded in.
/// </summary>
internal ref struct PatternParser
{
    private const int MaximumDepth = 100;
    private static readonly CodePointSet _lineFeed = CodePointSet.Of('\n');
    private readonly List<PatternPiece> _pieces = [];
    private PatternReader _reader;
    private Options _options;

    private PatternParser(string pattern) => _reader = new PatternReader(pattern);

    [Flags]
    private enum Options
    {
        None = 0,
        IgnoreCase = 1,
        Multiline = 2,
        DotMatchesLineFeed = 4,
    }

    /// <summary>The pieces of a pattern.</summary>
    /// <exception cref="TokenizerException">The pattern is none, or uses something that is not supported.</exception>
    public static List<PatternPiece> Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        parser.ParseAlternatives(0);
        return parser._reader.AtEnd ? parser._pieces : throw parser._reader.Error("a ) has no (");
    }

    private void ParseAlternatives(int depth)
    {
        if (depth > MaximumDepth)
        {
            throw _reader.Error("groups are nested too deeply");
        }

        while (!_reader.AtEnd && !_reader.Rest.StartsWith(")"))
        {
            if (_reader.TryRead("|"))
            {
                _pieces.Add("|");
                continue;
            }

            var atom = _pieces.Count;
            if (ParseAtom(depth))
            {
                ParseQuantifier(atom);
            }
        }
    }

    // False for what cannot be repeated.
    private bool ParseAtom(int depth)
    {
        PatternReader start = _reader;
        var next = _reader.ReadCodePoint();
        switch (next)
        {
            case '(':
                return ParseGroup(start, depth);
            case '[':
                _pieces.Add(PatternBrackets.Read(ref _reader, Has(Options.IgnoreCase)));
                return true;
            case '.':
                _pieces.Add(Has(Options.DotMatchesLineFeed) ? CodePointSet.All : _lineFeed.Complement());
                return true;
            case '^':
                _pieces.Add(Has(Options.Multiline) ? @"(?:(?<=\n)|\A)" : @"\A");
                return false;
            case '$':
                _pieces.Add(Has(Options.Multiline) ? @"(?:(?=\n)|\z)" : @"\z");
                return false;
            case '*' or '+' or '?':
                throw start.Error($"there is nothing to repeat before {(char)next}");
            case '\\':
                return ParseEscape();
            default:
                AddSet(CodePointSet.Of(next));
                return true;
        }
    }

    private bool ParseEscape()
    {
        if (_reader.TryRead("A") || _reader.TryRead("z") || _reader.TryRead("Z"))
        {
            _pieces.Add(_reader.Previous == 'A' ? @"\A" : @"\z");
            return false;
        }

        if (_reader.TryRead("b") || _reader.TryRead("B"))
        {
            // Where a word begins or ends: a character of a word on one side only.
            CodePointSet word = UnicodeProperty.Word;
            var both = _reader.Previous == 'B';
            _pieces.AddRange(["(?:(?<=", word, both ? ")(?=" : ")(?!", word, ")|(?<!", word, both ? ")(?!" : ")(?=", word, "))"]);
            return false;
        }

        AddSet(PatternEscape.Read(ref _reader));
        return true;
    }

    // What .NET remembers of a group is never asked for, so all groups become groups that remember nothing.
    private bool ParseGroup(PatternReader start, int depth)
    {
        var repeats = true;
        Options outer = _options;
        var open = "(?:";
        if (_reader.TryRead("?"))
        {
            if (_reader.TryRead("=") || _reader.TryRead("!"))
            {
                open = $"(?{_reader.Previous}";
                repeats = false;
            }
            else if (_reader.TryRead("<=") || _reader.TryRead("<!"))
            {
                open = $"(?<{_reader.Previous}";
                repeats = false;
            }
            else if (_reader.TryRead(">"))
            {
                open = "(?>";
            }
            else if (_reader.TryRead("P<") || _reader.TryRead("<"))
            {
                _reader.ReadUntil('>');
            }
            else if (!_reader.TryRead(":") && !ParseOptions(start))
            {
                // (?i) and the like hold up to the end of the group that they stand in.
                return false;
            }
        }

        _pieces.Add(open);
        ParseAlternatives(depth + 1);
        if (!_reader.TryRead(")"))
        {
            throw start.Error("a ) is missing");
        }

        _pieces.Add(")");
        _options = outer;
        return repeats;
    }

    // True where the options are those of a group that begins here, false where the parenthesis closes behind them.
    private bool ParseOptions(PatternReader start)
    {
        var on = true;
        while (true)
        {
            var letter = _reader.ReadCodePoint();
            Options option = letter switch
            {
                'i' => Options.IgnoreCase,
                'm' => Options.Multiline,
                's' => Options.DotMatchesLineFeed,
                '-' or ':' or ')' or 'u' => Options.None,
                _ => throw start.Error("this kind of group is not supported"),
            };
            if (letter is ':' or ')')
            {
                return letter == ':';
            }

            on &= letter != '-';
            _options = on ? _options | option : _options & ~option;
        }
    }

    private void ParseQuantifier(int atom)
    {
        PatternReader start = _reader;
        string quantifier;
        if (_reader.TryRead("*") || _reader.TryRead("+") || _reader.TryRead("?"))
        {
            quantifier = _reader.Previous.ToString();
        }
        else if (_reader.TryRead("{"))
        {
            var least = _reader.ReadNumber();
            var comma = _reader.TryRead(",");
            var most = comma ? _reader.ReadNumber() : least;
            if ((least ?? most) is null || !_reader.TryRead("}"))
            {
                // No quantifier at all: a brace that stands for itself.
                _reader = start;
                return;
            }

            quantifier = FormattableString.Invariant($"{{{least ?? 0}{(comma ? "," : "")}{(comma ? most : null)}}}");
            if (most < least)
            {
                throw start.Error($"{quantifier} ends before it begins");
            }
        }
        else
        {
            return;
        }

        _pieces.Add(quantifier);
        if (_reader.TryRead("?"))
        {
            _pieces.Add("?");
        }
        else if (_reader.TryRead("+"))
        {
            // A possessive quantifier gives nothing back: .NET has it as a group only.
            _pieces.Insert(atom, "(?>");
            _pieces.Add(")");
        }

        if (_reader.Rest is ['*' or '+' or '?', ..])
        {
            throw _reader.Error("a repetition cannot be repeated");
        }
    }

    private readonly void AddSet(CodePointSet set) => _pieces.Add(Has(Options.IgnoreCase) ? CaseFolding.Close(set) : set);

    private readonly bool Has(Options option) => (_options & option) != 0;
}
