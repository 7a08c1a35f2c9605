// Runs Roslyn on response files, several in one process, since starting it is most of the cost. Compiled once by mcs.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

static class Compile
{
    static readonly Dictionary<string, MetadataReference> references = new Dictionary<string, MetadataReference>();

    static int Main(string[] responseFiles)
    {
        // The later ones refer to the earlier ones.
        foreach (string file in responseFiles)
            if (!One(file)) return 1;
        return 0;
    }

    static bool One(string file)
    {
        CSharpCommandLineArguments line =
            CSharpCommandLineParser.Default.Parse(File.ReadAllLines(file), Directory.GetCurrentDirectory(), null);
        List<Diagnostic> found = line.Errors.ToList();
        List<SyntaxTree> trees = new List<SyntaxTree>();
        foreach (CommandLineSourceFile source in line.SourceFiles)
        {
            SourceText text;
            using (FileStream stream = File.OpenRead(source.Path)) text = SourceText.From(stream);
            trees.Add(CSharpSyntaxTree.ParseText(text, line.ParseOptions, source.Path));
        }
        List<MetadataReference> used = new List<MetadataReference>();
        foreach (CommandLineReference reference in line.MetadataReferences) used.Add(Load(reference.Reference));
        CSharpCompilation compilation =
            CSharpCompilation.Create(line.CompilationName, trees, used, line.CompilationOptions);
        EmitResult result;
        Directory.CreateDirectory(line.OutputDirectory);
        using (FileStream output = File.Create(Path.Combine(line.OutputDirectory, line.OutputFileName)))
            result = compilation.Emit(output);
        found.AddRange(result.Diagnostics.Where(d => d.Severity != DiagnosticSeverity.Hidden && !d.IsSuppressed));
        foreach (Diagnostic diagnostic in found) Console.WriteLine(diagnostic.ToString());
        return result.Success && found.Count == 0;
    }

    static MetadataReference Load(string path)
    {
        MetadataReference known;
        if (!references.TryGetValue(path, out known))
            references.Add(path, known = MetadataReference.CreateFromFile(path));
        return known;
    }
}
