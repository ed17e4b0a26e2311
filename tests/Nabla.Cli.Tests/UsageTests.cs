namespace Nabla.Cli.Tests;

/// <summary>Commands that are written wrongly: exit code 2 and one line that names the mend.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("train --layer 4", "Unknown option --layer. Did you mean --layers?")]
    [InlineData("train --lerning-rate 1", "Unknown option --lerning-rate. Did you mean --learning-rate?")]
    [InlineData("train --lr 1", "Unknown option --lr. Did you mean --learning-rate?")]
    [InlineData("train --batch-size=4", "Unknown option --batch-size=4. Did you mean --batch?")]
    [InlineData("train names --treads 2", "Unknown option --treads. Did you mean --threads?")]
    [InlineData("sample runs/x --promt a", "Unknown option --promt. Did you mean --prompt?")]
    [InlineData("trian", "Unknown command trian. Did you mean train?")]
    [InlineData("data lst", "Unknown command lst. Did you mean list?")]
    [InlineData("data", "A command is missing after nabla data: one of list, get, prepare.")]
    [InlineData("data get shakespear", "Unknown set shakespear. Did you mean shakespeare?")]
    [InlineData("data get mnis", "Unknown set mnis. Did you mean mnist?")]
    [InlineData("tokenizer train mnist --out x.json", "mnist is pictures of digits and not a text: name a text.")]
    [InlineData("sample", "Something is missing: `nabla sample <model>`.")]
    [InlineData("info", "Something is missing: `nabla info <run|folder|file>`.")]
    [InlineData("train a b", "One argument too many: b. Run `nabla train --help` for how to write it.")]
    [InlineData("train --steps", "--steps needs a value: --steps N.")]
    [InlineData("train --steps 1 --steps 2", "--steps is given twice: give it once.")]
    [InlineData("train --steps many", "--steps takes a whole number, not 'many'.")]
    [InlineData("train --steps 1.5", "--steps takes a whole number, not '1.5'.")]
    [InlineData("train --steps 3000000000", "--steps takes a whole number, not '3000000000'.")]
    [InlineData("train --seed -1", "--seed takes a whole number of at least 0, not '-1'.")]
    [InlineData("train --learning-rate 1,5", "--learning-rate takes a number, not '1,5'.")]
    [InlineData("train --learning-rate NaN", "--learning-rate takes a number, not 'NaN'.")]
    [InlineData("train --activation rele", "--activation takes one of relu, gelu, gelu-exact, not 'rele'. Did you mean relu?")]
    [InlineData("train --preset shakespere", "Unknown preset shakespere. Did you mean shakespeare?")]
    [InlineData("train --model wavnet", "Unknown model wavnet. Did you mean wavenet?")]
    [InlineData("train --model trans", "Unknown model trans. Did you mean transformer?")]
    [InlineData("train --model mlp --heads 2", "--heads is not for the model mlp, which takes --width, --embedding, --context.")]
    [InlineData("train --embedding 3",
        "--embedding is not for the model gpt, which takes --layers, --heads, --width, --context, --dropout, --bias, "
        + "--attention-bias, --head-bias, --tie-weights, --recompute, --activation, --init.")]
    [InlineData("train --model mlp --preset small",
        "The model mlp and the preset small are given: give one of them; the presets are of the model gpt.")]
    [InlineData("train --model wavenet --context 6",
        "The model's context must be 2, 4, 8 or another power of two, not 6: each layer joins two neighbours.")]
    [InlineData("train --model convolution --layers 5",
        "The model's context (16) must hold what its 5 layers see, 2^5 tokens: enlarge the context, or take fewer layers.")]
    [InlineData("train --model mlp --embedding 0", "The model's embedding must be at least 1, not 0.")]
    [InlineData("train --rows document", "--rows takes one of stream, documents, not 'document'. Did you mean documents?")]
    [InlineData("train --threads 0", "--threads takes a number of at least 1, not 0.")]
    [InlineData("train --layers 0", "The model's layers must be at least 1, not 0.")]
    [InlineData("train --width 10 --heads 3",
        "The model's width (10) is not divisible by its heads (3): each head takes an equal part of the width.")]
    [InlineData("train --sample-tokens -1", "The number of tokens to generate must be at least 0, not -1.")]
    [InlineData("train --samples -1", "The number of samples must be at least 0, not -1.")]
    [InlineData("train --steps 5 --warmup 6", "The warm-up (6 steps) is longer than the run (5 steps).")]
    [InlineData("train --resume runs/x --steps 9",
        "--resume goes on with what the run began with: leave out --steps, or begin a new run.")]
    [InlineData("train other.txt --resume runs/x",
        "--resume goes on with what the run began with: leave out other.txt, or begin a new run.")]
    [InlineData("sample runs/x --top-p 2", "Top-p must be above 0 and at most 1, not 2.")]
    [InlineData("plot", "Something is missing: `nabla plot <run...>`.")]
    [InlineData("plot runs/x --metric los",
        "--metric takes one of loss, learning-rate, gradient-norm, hellaswag, validation, not 'los'. Did you mean loss?")]
    [InlineData("plot runs/x --metric lr",
        "--metric takes one of loss, learning-rate, gradient-norm, hellaswag, validation, not 'lr'. Did you mean learning-rate?")]
    [InlineData("plot runs/x --x token", "--x takes one of steps, tokens, not 'token'. Did you mean tokens?")]
    [InlineData("plot runs/x --smooth 0", "--smooth must be at least 1, not 0.")]
    [InlineData("plot runs/x --smoth 5", "Unknown option --smoth. Did you mean --smooth?")]
    [InlineData("plot runs/x --out loss.png",
        "loss.png: the ending does not tell what to write: give .svg for a figure, or .html for a report.")]
    [InlineData("diagnose runs/x --batches 0", "--batches must be at least 1, not 0.")]
    [InlineData("diagnose runs/x --steps -1", "--steps must be at least 0, not -1.")]
    [InlineData("diagnose runs/x --out page.svg", "page.svg: a diagnosis is a page: give a file that ends in .html.")]
    [InlineData("train --watch-interval -1", "The watch interval must be at least 0, not -1.")]
    [InlineData("tokenizer", "A command is missing after nabla tokenizer: one of train, encode, decode, view, compare, info, "
        + "convert.")]
    [InlineData("tokenizer encod", "Unknown command encod. Did you mean encode?")]
    [InlineData("tokenizer encode a.txt", "No tokenizer is named: `nabla tokenizer encode --tokenizer NAME|PATH`.")]
    [InlineData("tokenizer encode a.txt --tokenizer x --special alow",
        "--special takes one of refuse, allow, text, not 'alow'. Did you mean allow?")]
    [InlineData("tokenizer encode a.txt --tokenizer gtp2", "Unknown tokenizer gtp2. Did you mean gpt2?")]
    [InlineData("tokenizer encode a.txt --tokenizer cl100k", "Unknown tokenizer cl100k. Did you mean cl100k_base?")]
    [InlineData("tokenizer encode a.txt --tokenizer a --tokenizer b", "--tokenizer is given twice: give it once.")]
    [InlineData("tokenizer encode a.txt --tokenizer x --pattern gtp2",
        "--pattern takes one of gpt2, gpt4, o200k, or a regular expression, not 'gtp2'. Did you mean gpt2?")]
    [InlineData("tokenizer view --tokenizer x a.txt --text b", "Give either a.txt or --text, not both.")]
    [InlineData("tokenizer decode --tokenizer x a.txt --ids 1", "Give either a.txt or --ids, not both.")]
    [InlineData("tokenizer decode --tokenizer x", "Something is missing: `nabla tokenizer decode <file|->`, or `--ids \"ID ID ...\"`.")]
    [InlineData("tokenizer compare --tokenizer x a.txt",
        "No tokenizer is named to compare with: `nabla tokenizer compare --tokenizer A --with B`.")]
    [InlineData("tokenizer compare --tokenizer x --with y a.txt --differences -1", "--differences must be at least 0, not -1.")]
    [InlineData("tokenizer info", "No tokenizer is named: `nabla tokenizer info --tokenizer NAME|PATH`.")]
    [InlineData("tokenizer info --tokenizer x --examples some", "--examples takes a whole number, not 'some'.")]
    [InlineData("tokenizer convert --tokenizer gpt2",
        "No place is named for the tokenizer: `nabla tokenizer convert --tokenizer A --out my.json`.")]
    [InlineData("tokenizer convert --tokenizer gpt2 --out a.json --format hugging",
        "--format takes one of huggingface, tiktoken, minbpe, sentencepiece, gpt2, not 'hugging'. Did you mean huggingface?")]
    [InlineData("tokenizer train", "Something is missing: `nabla tokenizer train <file...>`.")]
    [InlineData("tokenizer train a.txt", "No place is named for the tokenizer: write --out my.json, or another file.")]
    [InlineData("tokenizer train a.txt --out my.txt",
        "my.txt: the ending does not tell the format: give one of .json, .model, .tiktoken, .bpe, or --format.")]
    [InlineData("tokenizer train a.txt --out a.json --vocab-size 255",
        "--vocab-size must be at least 256, the number of bytes, not 255.")]
    [InlineData("tokenizer train a.txt --out a.json --type byte",
        "--type takes one of bytes, regex, sentencepiece, not 'byte'. Did you mean bytes?")]
    [InlineData("tokenizer train a.txt --out a.json --type bytes --pattern gpt2",
        "--pattern is not for --type bytes: leave it out, or take --type regex.")]
    [InlineData("tokenizer train a.txt --out a.json --special x --special x",
        "--special \"x\": give each special token a text of its own.")]
    [InlineData("tokenizer train a.txt --out a.json --min-count 0", "--min-count must be at least 1, not 0.")]
    [InlineData("tokenizer train a.txt - --out a.json",
        "- is the standard input, which is read alone: leave out the files, or join them into it.")]
    [InlineData("tokenizer train a.txt --out a.json --byte-fallback",
        "--byte-fallback is not for --type regex: leave it out, or take --type sentencepiece.")]
    [InlineData("tokenizer train a.txt --out a.model --type sentencepiece --special x",
        "--special is not for --type sentencepiece: write --control-symbols or --user-defined-symbols.")]
    [InlineData("tokenizer train a.txt --out a.model --type sentencepiece --ties first-seen",
        "--ties is not for --type sentencepiece: leave it out.")]
    [InlineData("tokenizer train a.txt --out a.model --type sentencepiece --character-coverage 0.5",
        "--character-coverage must be from 0.98 to 1, not 0.5.")]
    [InlineData("tokenizer train a.txt --out a.model --type sentencepiece --max-sentencepiece-length 0",
        "--max-sentencepiece-length must be from 1 to 512, not 0.")]
    [InlineData("tokenizer train a.txt --out a.model --type sentencepiece --normalization-rule-name nfkc",
        "--normalization-rule-name takes one of nmt_nfkc, identity, not 'nfkc'. Did you mean nmt_nfkc?")]
    [InlineData("tokenizer train a.txt --out a.json --type sentencepiece",
        "a.json: a SentencePiece model is written to a .model file.")]
    [InlineData("tokenizer train names --out a.json",
        "names is part of the program and no file: take names-full, or a file of your own.")]
    public void A_wrong_command_is_answered_by_one_line(string command, string line)
    {
        CommandResult result = Workspace.Nabla(command.Split(' '));

        Assert.Equal($"nabla: {line}\n", result.Error);
        Assert.Equal(2, result.Code);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("{ \"layer\": 4 }", ": Unknown key layer. Did you mean layers?")]
    [InlineData("{ \"layers\": \"4\" }", ": layers takes a whole number, not '\"4\"'.")]
    [InlineData("{ \"layers\": 4.5 }", ": layers takes a whole number, not '4.5'.")]
    [InlineData("{ \"bias\": 1 }", ": bias takes true or false, not '1'.")]
    [InlineData("{ \"schedule\": \"cosin\" }",
        ": schedule takes one of cosine, linear, constant, not 'cosin'. Did you mean cosine?")]
    [InlineData("{ \"preset\": 3 }", ": preset takes the name of a preset, not 3.")]
    [InlineData("{ \"model\": 3 }", ": model takes the name of a model, not 3.")]
    [InlineData("{ \"model\": \"mlp\", \"heads\": 3 }",
        ": heads is not for the model mlp, which takes --width, --embedding, --context.")]
    [InlineData("[1]", " is not a JSON object: write { \"layers\": 4 }.")]
    [InlineData("{ \"layers\": 4,\n  \"heads\" }", " is not valid JSON at line 2, byte 11.")]
    public void A_wrong_configuration_file_is_answered_by_one_line_that_names_it(string json, string line)
    {
        using Workspace workspace = new();
        string file = workspace.Write("my.json", json);

        CommandResult result = Workspace.Nabla("train", "--config", file);

        Assert.Equal($"nabla: {file}{line}\n", result.Error);
        Assert.Equal(2, result.Code);
    }

    [Fact]
    public void A_missing_configuration_file_is_a_failure()
    {
        CommandResult result = Workspace.Nabla("train", "--config", "no/such.json");

        Assert.Equal("nabla: no/such.json does not exist: check the name and the folder.\n", result.Error);
        Assert.Equal(1, result.Code);
    }
}
