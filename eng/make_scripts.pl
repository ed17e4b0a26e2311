#!/usr/bin/perl
# Makes src/Nabla.Tokenizers/SentencePiece/Training/scripts.txt: Unicode's property Script, from the tables that Perl brings.
# SentencePiece decides by it which characters a piece may have side by side, as it was in Unicode 9: so code points that are
# younger are left out, and three that have changed since are put back. Run it as  perl eng/make_scripts.pl > scripts.txt
use strict;
use warnings;
no warnings 'utf8';
use Unicode::UCD qw(prop_invmap);

my %then = (0x0589 => 'Common', 0x061C => 'Common', 0x0953 => 'Devanagari', 0x0954 => 'Devanagari');
my ($starts, $scripts) = prop_invmap('Script');
my @ranges;
for my $index (0 .. $#$starts) {
    my $end = $index < $#$starts ? $starts->[$index + 1] - 1 : 0x10FFFF;
    next if $scripts->[$index] eq 'Unknown' && $end - $starts->[$index] > 0xFFFF;
    for my $code ($starts->[$index] .. $end) {
        my $script = $then{$code} // $scripts->[$index];
        next if $script eq 'Unknown' || $script eq 'Common' || chr($code) !~ /\p{Present_In: 9.0}/;
        if (@ranges && $ranges[-1][1] == $code - 1 && $ranges[-1][2] eq $script) {
            $ranges[-1][1] = $code;
        } else {
            push @ranges, [$code, $code, $script];
        }
    }
}

print "# First and last code point, script; all others are Common. Made by eng/make_scripts.pl from the Unicode Character Database.\n";
printf "%04X %04X %s\n", @$_ for @ranges;
